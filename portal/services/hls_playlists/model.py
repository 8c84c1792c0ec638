"""What a playlist says, as far as measuring and checking need it.

Numbers that are missing or malformed are None; `checking` tells which and where. URLs are absolute,
http(s), and secret: they lead to the origin.
"""

from dataclasses import dataclass, field

from portal.services.hls_playlists.syntax import Attribute


@dataclass(frozen=True, slots=True)
class Tag:
    """One line that is a tag, with variables substituted.

    Attributes:
        line: Its number, from 1.
        name: Without ``#``.
        value: What follows the colon.
        attributes: The value as an attribute list; empty for tags that have none.
    """

    line: int
    name: str
    value: str
    attributes: tuple[Attribute, ...]

    def get(self, name: str) -> str | None:
        """Value of an attribute; of several the first."""
        return next((a.value for a in self.attributes if a.name == name), None)


@dataclass(frozen=True, slots=True)
class Source:
    """What both kinds of playlist have.

    Attributes:
        url: Address of the playlist after redirects.
        tags: All tags in order.
        version: EXT-X-VERSION, 1 where there is none, None where it is malformed.
        independent_segments: Whether EXT-X-INDEPENDENT-SEGMENTS is there.
        variables: What EXT-X-DEFINE defines; for the media playlists that import them.
        begins_with: What the first line is: ``#EXTM3U`` in a playlist.
        undefined_variables: Lines that use a variable not defined before.
        bad_uris: Lines with a URI that is not http(s) or cannot be resolved.
        bad_characters: Lines with control characters or bytes that are not UTF-8.
        plain_http: Lines with a URI that is http, not https.
        stray_uris: Lines with a URI that no tag belongs to.
        uriless: Lines of EXTINF or EXT-X-STREAM-INF that no URI follows.
    """

    url: str
    tags: tuple[Tag, ...]
    version: int | None
    independent_segments: bool
    variables: dict[str, str]
    begins_with: str
    undefined_variables: tuple[int, ...]
    bad_uris: tuple[int, ...]
    bad_characters: tuple[int, ...]
    plain_http: tuple[int, ...]
    stray_uris: tuple[int, ...]
    uriless: tuple[int, ...]

    def named(self, *names: str) -> list[Tag]:
        """Tags of the given names, in order."""
        return [tag for tag in self.tags if tag.name in names]


@dataclass(frozen=True, slots=True)
class Variant:
    """EXT-X-STREAM-INF, EXT-X-I-FRAME-STREAM-INF or EXT-X-IMAGE-STREAM-INF.

    Attributes:
        line: Number of the tag's line.
        number: Its place among its like, from 1.
        url: Its media playlist; None where there is none or it cannot be resolved.
        bandwidth_bps: Peak bits a second.
        average_bandwidth_bps: Average bits a second.
        codecs: RFC 6381 codecs, e.g. ``("avc1.64001f", "mp4a.40.2")``.
        resolution: Width and height in pixels.
        frame_rate: Frames a second.
        video_range: SDR, HLG or PQ.
        audio: GROUP-ID of its audio renditions.
        video: GROUP-ID of its video renditions.
        subtitles: GROUP-ID of its subtitle renditions.
        closed_captions: GROUP-ID of its closed captions, or ``NONE``.
    """

    line: int
    number: int
    url: str | None
    bandwidth_bps: int | None
    average_bandwidth_bps: int | None
    codecs: tuple[str, ...]
    resolution: tuple[int, int] | None
    frame_rate: float | None
    video_range: str | None
    audio: str | None
    video: str | None
    subtitles: str | None
    closed_captions: str | None

    @property
    def has_video(self) -> bool:
        """Whether it has video, or may have as far as the playlist says."""
        if self.resolution is not None or not self.codecs:
            return True
        return any(not codec.startswith(_AUDIO_OR_TEXT) for codec in self.codecs)


@dataclass(frozen=True, slots=True)
class Rendition:
    """EXT-X-MEDIA.

    Attributes:
        line: Number of its line.
        type: AUDIO, VIDEO, SUBTITLES or CLOSED-CAPTIONS, as written.
        group_id: GROUP-ID.
        name: NAME.
        language: BCP 47 tag, as written.
        url: Its media playlist, if it has one of its own.
        default: DEFAULT=YES.
        autoselect: AUTOSELECT=YES.
        forced: FORCED=YES.
        instream_id: INSTREAM-ID.
        characteristics: Media characteristic tags.
        channels: CHANNELS, as written.
    """

    line: int
    type: str
    group_id: str | None
    name: str | None
    language: str | None
    url: str | None
    default: bool
    autoselect: bool
    forced: bool
    instream_id: str | None
    characteristics: tuple[str, ...]
    channels: str | None


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of a resource.

    Attributes:
        length: Bytes.
        offset: First byte; None where it is left out and nothing before tells it.
    """

    length: int
    offset: int | None


@dataclass(frozen=True, slots=True)
class Key:
    """EXT-X-KEY with another METHOD than NONE.

    Attributes:
        line: Number of its line.
        method: AES-128 or SAMPLE-AES or another, as written.
        url: Where the key is; None for keys that are not fetched by http(s).
        keyformat: ``identity`` unless said otherwise.
        iv: Initialization vector as written.
    """

    line: int
    method: str
    url: str | None
    keyformat: str
    iv: str | None


@dataclass(frozen=True, slots=True)
class InitSection:
    """EXT-X-MAP.

    Attributes:
        line: Number of its line.
        url: Where it is.
        byterange: Which part of that it is.
    """

    line: int
    url: str | None
    byterange: ByteRange | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One media segment.

    Attributes:
        line: Number of its URI's line.
        url: Where it is; None where that cannot be resolved.
        duration_s: EXTINF in seconds; None where it is missing or malformed.
        byterange: Which part of the resource it is.
        init: Its initialization section.
        keys: How it is encrypted: one key, or one for each key system. Empty: it is not.
        discontinuity: Whether EXT-X-DISCONTINUITY is before it.
        gap: Whether it is missing on purpose (EXT-X-GAP).
        program_date_time: EXT-X-PROGRAM-DATE-TIME as written.
    """

    line: int
    url: str | None
    duration_s: float | None
    byterange: ByteRange | None
    init: InitSection | None
    keys: tuple[Key, ...]
    discontinuity: bool
    gap: bool
    program_date_time: str | None


@dataclass(frozen=True, slots=True)
class MultivariantPlaylist:
    """A playlist that lists variants and renditions (RFC 8216bis 4.4.6).

    Attributes:
        source: Address, tags, version.
        variants: EXT-X-STREAM-INF in order.
        i_frame_variants: EXT-X-I-FRAME-STREAM-INF in order.
        renditions: EXT-X-MEDIA in order.
    """

    source: Source = field(repr=False)
    variants: tuple[Variant, ...]
    i_frame_variants: tuple[Variant, ...]
    renditions: tuple[Rendition, ...]

    @property
    def media_urls(self) -> tuple[str, ...]:
        """Addresses of all its media playlists, each once: variants, renditions, I-frames."""
        entries: list[Variant | Rendition] = [
            *self.variants,
            *self.renditions,
            *self.i_frame_variants,
        ]
        return tuple(dict.fromkeys(entry.url for entry in entries if entry.url is not None))


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """A playlist that lists segments (RFC 8216bis 4.4.3, 4.4.4).

    Attributes:
        source: Address, tags, version.
        segments: In order.
        target_duration_s: EXT-X-TARGETDURATION.
        playlist_type: ``VOD``, ``EVENT``, what else is written, or None.
        media_sequence: Number of the first segment.
        discontinuity_sequence: EXT-X-DISCONTINUITY-SEQUENCE, 0 where there is none.
        endlist: Whether it is complete.
        i_frames_only: Whether each segment is a single I-frame.
        duration_s: Sum of all EXTINF.
    """

    source: Source = field(repr=False)
    segments: tuple[Segment, ...] = field(repr=False)
    target_duration_s: int | None
    playlist_type: str | None
    media_sequence: int
    discontinuity_sequence: int
    endlist: bool
    i_frames_only: bool
    duration_s: float


Playlist = MultivariantPlaylist | MediaPlaylist

_AUDIO_OR_TEXT = (
    "mp4a",
    "ac-3",
    "ec-3",
    "ac-4",
    "alac",
    "fLaC",
    "flac",
    "Opus",
    "opus",
    "mp3",
    "wvtt",
    "stpp",
)
