"""The data of a figure that is interactive in the page, drawn there as it is drawn here."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from ..core.export.page_data import can_run, page_data
from .scene import Scene
from .views.sweeps import places

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def live_data(scene: Scene, figure: Figure) -> bytes:
    """Data with which a page makes a figure interactive, as JSON; ``null`` where it can't be."""
    if not can_run(scene.experiment):
        return b"null"
    camera, bands = scene.camera, scene.bands
    data = page_data(scene.result)
    for of_many, place in zip(data["maps"], places(figure), strict=True):
        of_many["place"] = [round(fraction, 5) for fraction in place]
    data |= {
        "levels": [float(f"{level:.12g}") for level in bands.levels.tolist()],
        "knee": bands.scale.linear_threshold,
        "camera": [camera.azimuth, camera.elevation],
    }
    return json.dumps(_short(data), ensure_ascii=False, separators=(",", ":")).encode()


def _short(value: Any) -> Any:
    """Numbers as short as they are: JSON would write 2.0; what is not finite is null."""
    match value:
        case dict():
            return {key: _short(item) for key, item in value.items()}
        case list() | tuple():
            return [_short(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case float() if value == int(value) and abs(value) < 2**53:
            return int(value)
    return value
