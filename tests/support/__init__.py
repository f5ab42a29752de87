"""What tests share: sources, homes, people, servers, faults. Nothing here is a test."""
