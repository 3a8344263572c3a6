"""The data of a figure that is interactive in the page, drawn there as it is drawn here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from matplotlib.colors import to_hex

from ..core.export.page_data import can_run, page_data, short
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
        "palette": [to_hex(color) for color in bands.palette],
        "camera": [camera.azimuth, camera.elevation],
    }
    return json.dumps(short(data), ensure_ascii=False, separators=(",", ":")).encode()
