"""Entra ID through Microsoft Graph v1.0: msal gets the token, msgraph-sdk speaks to Graph.

The SDK builds and sends the requests; the bytes of its answers are parsed here, because its typed
models take a thousand times as long.
"""
