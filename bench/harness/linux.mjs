/** What Linux knows about processes and the machine. Times are in seconds, memory is in megabytes. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The CPU time that a process and its children have used so far, also children that have ended. */
export function cpuOf(pid) {
  let total = 0;
  for (const stat of familyOf(pid)) {
    total += stat.utime + stat.stime;
    // Of the others, it would count twice what the parent has inherited.
    if (stat.pid === pid) total += stat.cutime + stat.cstime;
  }
  return total / ticksPerSecond;
}

/**
 * The CPU time that all processes of the machine have used so far, with interrupts, which the times of processes
 * include too, and the time that its hypervisor gave to others.
 */
export function cpuOfMachine() {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, , , irq, softirq, stolen] = line.split(/ +/).slice(1).map(Number);
  return [user, nice, system, irq, softirq, stolen].reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
}

/** The resident memory of a process, current (`VmRSS`) or at the peak (`VmHWM`). */
export function memoryOf(pid, name) {
  const line = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line[1]) / 1024;
}

/** The parent of a process. */
export function parentOf(pid) {
  return statOf(pid).ppid;
}

/** The process and its children. */
function familyOf(pid) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== pid)
    .flatMap((name) => {
      try {
        return [statOf(Number(name))];
      } catch {
        return []; // It has ended in the meantime.
      }
    })
    .filter(({ ppid }) => ppid === pid);
  return [statOf(pid), ...children];
}

/** Fields of `/proc/<pid>/stat` (proc(5)); times are in ticks. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may contain anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, ppid] = fields;
  const [utime, stime, cutime, cstime] = fields.slice(11, 15);
  return { pid, ppid, utime, stime, cutime, cstime };
}
