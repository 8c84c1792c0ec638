"""From pictures and sound to HLS: encoding, fragmented MP4, playlists, storyboards."""
