/** Asks a process to end, and ends it after 10 s; resolves when it has. */
export async function stopped(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  await ended;
}
