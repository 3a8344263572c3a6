"""The data of a figure that is interactive in the page, drawn there as it is drawn here."""

from __future__ import annotations

import json

from matplotlib.colors import to_hex

from ..core.export.page_data import obstacle, page_data, short
from .drawing import Drawing
from .scene import Scene


def live_data(scene: Scene, drawing: Drawing) -> bytes:
    """Data with which a page makes a figure interactive, as JSON; ``null`` where it can't be."""
    if obstacle(scene.experiment):
        return b"null"
    camera, bands = scene.camera, scene.bands
    data = page_data(scene.result)
    sweeps = [
        box
        for panel, box in zip(scene.experiment.panels, drawing.plots, strict=True)
        if panel.view.is_sweep
    ]
    for of_many, box in zip(data["maps"], sweeps, strict=True):
        width, height = drawing.width, drawing.height
        place = box.left / width, box.top / height, box.width / width, box.height / height
        of_many["place"] = [round(part, 5) for part in place]
    data |= {
        "palette": [to_hex(color) for color in bands.palette],
        "camera": [camera.azimuth, camera.elevation],
    }
    return json.dumps(short(data), ensure_ascii=False, separators=(",", ":")).encode()
