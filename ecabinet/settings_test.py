"""The tests' differences: a fast hasher, mail in memory, tasks in place, files in a folder of their own."""

from ecabinet.settings import *

DEBUG = DEMO = False  # as a real installation, wherever the tests run
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = env.bool("CELERY_EAGER", True)
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = True  # files from where they lie: nothing is collected
AUDIT_KEY_FILE = AUDIT_WITNESS_DIR = ""  # tests of the log make their own
