/**
 * Checks the files in deploy/ against the server: each variable, port, probe, path and grace period that they name, and
 * systemd's and haproxy's own checks where these programs are installed. `--image` also runs the steps of the
 * Dockerfile in an empty folder, and the result as another user who cannot write to it.
 */
import { parseArgs } from 'node:util';
import { checkDockerfile } from './deploy/dockerfile.mjs';
import { runImage } from './deploy/image.mjs';
import { checkCompose, checkKubernetes } from './deploy/manifests.mjs';
import { checkHaproxy, checkUnit } from './deploy/programs.mjs';

const { values } = parseArgs({ options: { image: { type: 'boolean', default: false } } });

const failures = [...checkDockerfile(), ...checkCompose(), ...checkKubernetes(), ...checkUnit(), ...checkHaproxy()];
if (values.image && failures.length === 0) await runImage();
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
