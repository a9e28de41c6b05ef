"""The signing agent: the PKCS#11 token of this computer signs what its owner has seen and agreed to.

It listens on the loopback address only, answers only the sites that its owner has named, and asks for the
PIN in its own window. Nothing here belongs to the server.
"""
