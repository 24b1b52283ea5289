# The portal as one image: web, worker and beat are the same code with another command.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 VAR_DIR=/srv/var FEED_WAITS=8

RUN useradd --system --create-home --uid 10001 portal \
    && install --directory --owner portal /srv/portal /srv/var /srv/var/files
WORKDIR /srv/portal

COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes --only-binary :all: --requirement requirements/base.txt

COPY --chown=portal . .
USER portal
# Neither step reads a secret or a database; settings only want a key to be there.
RUN SECRET_KEY=while-building python -m tools.messages compile \
    && SECRET_KEY=while-building python manage.py collectstatic --no-input --verbosity 0

EXPOSE 8000
# Of the twelve threads of a process eight may hold callers of the feed who wait, 30 seconds at most.
CMD ["gunicorn", "iccwc_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "12", \
     "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
