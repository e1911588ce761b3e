"""rerun_picture.py FILE.mcap OUT.webp [SECONDS]: a recording as Rerun's own viewer shows it, 1100 x 560 pixels.

Makes viewer/assets/rerun.webp anew, where Vulkan has a driver (Debian: apt install mesa-vulkan-drivers):

    pip install rerun-sdk==0.41.0 pillow
    npx armgym demo PickPlace-v1 --episodes 1 --seed 3000004 --obs camera --pictures --out pick.mcap \
      --set 'cameras=[{"name":"front","width":192,"height":144},{"name":"wrist","width":192,"height":144}]'
    python test/interop/rerun_picture.py pick.mcap viewer/assets/rerun.webp 1.6
"""
import os
import socket
import subprocess
import sys
import tempfile
import time

import rerun as rr
import rerun.blueprint as rrb
import rerun_cli
from PIL import Image
from rerun.experimental import ViewerClient

SOLID = [kind.from_fields(fill_mode="solid") for kind in (rr.Boxes3D, rr.Cylinders3D, rr.Ellipsoids3D)]
HIDDEN = ["- /camera/**", "- /PickPlace-v1/visual_geometries/spawn_area/**", "- /PickPlace-v1/visual_geometries/goal_area/**"]
EYE = rrb.EyeControls3D(position=(1.25, -0.95, 0.75), look_target=(0.33, 0.0, 0.25))
LAYOUT = rrb.Blueprint(
    rrb.Horizontal(
        rrb.Spatial3DView(name="robot", contents=["+ /**", *HIDDEN], defaults=SOLID, eye_controls=EYE),
        rrb.Vertical(
            rrb.Horizontal(*[rrb.Spatial2DView(origin=f"/camera/{name}/image", name=name) for name in ("front", "wrist")]),
            rrb.TimeSeriesView(origin="/episode/position", name="episode"),
            rrb.TimeSeriesView(origin="/joint_states/position", name="joint_states"),
        ),
        column_shares=[1.1, 1],
    ),
    collapse_panels=True,
)


def patiently(action, seconds=120):
    """Repeat an action until it succeeds: the viewer starts, and draws slowly without a graphics card."""
    end = time.time() + seconds
    while True:
        try:
            return action()
        except (ConnectionError, TimeoutError):
            if time.time() > end:
                raise
            time.sleep(1)


def main(recording, out, seconds):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"rerun+http://127.0.0.1:{port}/proxy"
    program = os.path.join(os.path.dirname(rerun_cli.__file__), "rerun")
    how = ["--headless", "--hide-welcome-screen", "--bind", "127.0.0.1", "--port", str(port), "--window-size", "1100x560"]
    viewer = subprocess.Popen([program, *how], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = patiently(lambda: ViewerClient.connect(url))
        patiently(client.get_state)
        stream = rr.RecordingStream("armgym")
        stream.connect_grpc(url, default_blueprint=LAYOUT)
        stream.log_file_from_path(recording)
        stream.flush()
        patiently(lambda: client.set_time("message_log_time", timestamp=seconds, play_state="paused"))
        # what is told about loading goes
        time.sleep(10)
        with tempfile.TemporaryDirectory() as folder:
            shot = os.path.join(folder, "shot.png")
            patiently(lambda: client.save_screenshot(shot))
            Image.open(shot).convert("RGB").save(out, quality=90, method=6)
        faults = [report for view in client.get_state().views for report in view.reports]
        assert not faults, faults
    finally:
        viewer.kill()
        viewer.wait()


main(sys.argv[1], sys.argv[2], float(sys.argv[3] if len(sys.argv) > 3 else 1))
