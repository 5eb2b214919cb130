/** Runs `task` over all inputs, at most `limit` at once; results keep the order of the inputs. */
export async function mapLimited(inputs, limit, task) {
  const results = new Array(inputs.length);
  const entries = inputs.entries();
  const failures = [];

  async function worker() {
    for (const [index, input] of entries) {
      if (failures.length) return;
      try {
        results[index] = await task(input, index);
      } catch (cause) {
        failures.push(new Error(`input ${index} failed`, { cause }));
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
  if (failures.length) throw failures[0];
  return results;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function withTimeout(promise, ms, message = 'timed out') {
  let timer;
  const alarm = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([promise, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
