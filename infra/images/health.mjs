// The health check of a container: ends with 0 when its process answers at HEALTH_PATH, and else says why not.
const { PORT, HEALTH_PATH } = process.env;
const url = `http://127.0.0.1:${PORT}${HEALTH_PATH}`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  console.log(`${url}: ${response.status} ${(await response.text()).slice(0, 1_000)}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
