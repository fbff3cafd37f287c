"""What dqcheck keeps on disk: reports, findings, and the key of record tokens."""
