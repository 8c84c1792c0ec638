"""The wrapped hls.js player: props and events, event specs, and all client code in one place."""

from portal.components.player.component import StreamPlayer
from portal.components.player.controls import stream_player
from portal.components.player.early_intent import early_intent_script

__all__ = ["StreamPlayer", "early_intent_script", "stream_player"]
