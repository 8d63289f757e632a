"""The vendor over SCIM 2.0 (RFC 7643, RFC 7644), robust against servers that bend it."""
