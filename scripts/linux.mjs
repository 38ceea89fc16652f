import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** Milliseconds for which the main thread of a process was runnable but had no core, so far. */
export function waited(pid) {
  const [, nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

/** Megabytes of resident memory, current (`VmRSS`) or at the peak (`VmHWM`). */
export function memory(pid, name) {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  const line = lines.find((one) => one.startsWith(`${name}:`)) ?? '';
  return Number.parseInt(line.slice(name.length + 1), 10) / 1024;
}

/** Resets the peak of the resident memory of a process. */
export function forgetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Busy seconds of all cores so far, and those that a process has used of them. */
export function cpu(pid) {
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const [user, nice, system, , , irq, softirq, stolen] = fields('/proc/stat', /^cpu +(.*)$/m);
  const [utime, stime] = fields(`/proc/${pid}/stat`, /^.*\) (.*)$/m).slice(11, 13);
  return { all: (user + nice + system + irq + softirq + stolen) / ticks, own: (utime + stime) / ticks };
}

function fields(file, pattern) {
  return pattern.exec(readFileSync(file, 'utf8'))[1].split(' ').map(Number);
}
