"""What people sign: approvals and overrides, in the signature format of OpenSSH."""
