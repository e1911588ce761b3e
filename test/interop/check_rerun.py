"""check_rerun.py FILE...: Rerun's own importer of MCAP has rows of every topic, and what a viewer is to show.

Prints what it found per file; exit 1 on a fault. Needs rerun-sdk 0.41 and mcap.
"""

import collections
import sys
import warnings

from mcap.reader import make_reader
from rerun.chunk import McapReader

warnings.simplefilter("ignore")
ALWAYS = {"Transform3D": "transforms", "Boxes3D": "shapes", "Scalars": "joints and rewards", "TextLog": "the log"}
WITH_CAMERAS = {"EncodedImage": "camera images", "Pinhole": "camera calibration"}


def check(path):
    """Return the faults of a file and what Rerun made of it."""
    topics = {channel.topic for channel in make_reader(open(path, "rb")).get_summary().channels.values()}
    rows, parts = collections.Counter(), set()
    for chunk in McapReader(path).stream():
        if not chunk.is_static:
            rows[str(chunk.entity_path)] += chunk.num_rows
        parts |= {name.split(":")[0] for name in chunk.to_record_batch().schema.names}
    wanted = ALWAYS | (WITH_CAMERAS if any("camera" in topic for topic in topics) else {})
    faults = [f"Rerun has no rows of {topic}" for topic in sorted(topics) if not any(e.startswith(topic) for e in rows)]
    faults += [f"Rerun sees no {what}" for part, what in wanted.items() if part not in parts]
    named = sorted(part for part in parts if part[0].isupper())
    return faults, f"{sum(rows.values())} rows of {len(rows)} entities: {', '.join(named)}"


failed = False
for path in sys.argv[1:]:
    faults, found = check(path)
    print("\n".join(f"{path}: FAULT {fault}" for fault in faults) or f"{path}: ok, {found}")
    failed |= bool(faults)
sys.exit(failed)
