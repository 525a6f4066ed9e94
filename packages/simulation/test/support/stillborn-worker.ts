/* A worker that does not start. */
throw new Error('not today');
