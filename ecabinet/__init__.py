"""The place where everything is put together; imported by nobody.

Nothing is imported here: the launcher (`ecabinet.standalone`) begins before there is a package to import.
"""
