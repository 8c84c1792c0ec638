"""What can be wrong with a playlist as a whole."""

from portal.services.errors import OriginFailed


class PlaylistError(OriginFailed):
    """The text cannot be handled as an HLS playlist.

    ``str()`` is a sentence for a content manager. It never contains a URL, a host name or any other
    text of the playlist, so it may be logged and shown.
    """

    code = "playlist-invalid"
    title = "The film's playlist cannot be used"
    default_detail = "The film's source is not a playlist that can be played."
