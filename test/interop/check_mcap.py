"""check_mcap.py FILE...: the official MCAP reader finds chunks, indexes and every message, and whole descriptors.

Prints a line per file; exit 1 on a fault. Needs mcap and protobuf.
"""

import collections
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from mcap.reader import NonSeekingReader, make_reader


def schema_fault(schema):
    """Why the descriptor set is not whole or does not hold the named type; None where it is."""
    try:
        files, pool = descriptor_pb2.FileDescriptorSet.FromString(schema.data), descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name))
    except Exception as error:
        return f"schema {schema.name}: {error}"
    return None


def check(path):
    """Return the faults of a file and how many messages of how many topics it holds."""
    summary = make_reader(open(path, "rb"), validate_crcs=True).get_summary()
    if summary is None or summary.statistics is None:
        return ["no summary or statistics: not a whole file"], ""
    faults, count = [], summary.statistics.message_count
    if not summary.chunk_indexes:
        faults.append("no chunk index: indexed readers see no message")
    if any(not chunk.message_index_offsets for chunk in summary.chunk_indexes):
        faults.append("a chunk has no message index")
    streamed = collections.Counter()
    times = []
    for _, channel, message in NonSeekingReader(open(path, "rb")).iter_messages():
        streamed[channel.topic] += 1
        times.append(message.log_time)
    if len(times) != count:
        faults.append(f"statistics say {count} messages, {len(times)} are there")
    start, end = summary.statistics.message_start_time, summary.statistics.message_end_time
    middle = (start + end) // 2
    half = sum(1 for _ in make_reader(open(path, "rb")).iter_messages(starting_at=middle, ending_before=end))
    if half != sum(middle <= time < end for time in times):
        faults.append(f"seeking gives {half} messages in the second half")
    schemas = [schema for schema in summary.schemas.values() if schema.encoding == "protobuf"]
    faults += [fault for schema in schemas if (fault := schema_fault(schema))]
    return faults, f"{count} messages of {len(streamed)} topics"


failed = False
for path in sys.argv[1:]:
    faults, found = check(path)
    print("\n".join(f"{path}: FAULT {fault}" for fault in faults) or f"{path}: ok, {found}")
    failed |= bool(faults)
sys.exit(failed)
