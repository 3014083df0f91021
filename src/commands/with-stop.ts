// Long work that ends at its next stopping place when the operator or the system asks the process to end.

/** Lets the work know when the operator or the system has asked it to stop. */
export async function withStop<T>(work: (shouldStop: () => boolean) => Promise<T>): Promise<T> {
  let isStopping = false;
  const stop = (): void => {
    isStopping = true;
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    return await work(() => isStopping);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
