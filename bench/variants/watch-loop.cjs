// Loaded before the service by `node --require`: how long its event loop is held. On SIGUSR2 it writes the longest time since the
// last signal into the file LOOP_FILE: by the clock, and in processor time, which other work on the machine does not add to.
const { writeFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

let longest = { wallMs: 0, cpuMs: 0 };
let last = performance.now();
let lastCpu = process.cpuUsage();

setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(lastCpu);
  const cpuMs = (user + system) / 1000;
  longest = { wallMs: Math.max(longest.wallMs, now - last), cpuMs: Math.max(longest.cpuMs, cpuMs) };
  last = now;
  lastCpu = process.cpuUsage();
}, 1).unref();

process.on('SIGUSR2', () => {
  writeFileSync(process.env.LOOP_FILE, JSON.stringify(longest));
  longest = { wallMs: 0, cpuMs: 0 };
});
