"""The whole of a dataflow as one release knew it, in one file that is written once."""
