import { parse, parseAllDocuments } from 'yaml';
import { imageEnvironment } from './dockerfile.mjs';
import {
  commands,
  exists,
  failing,
  listFiles,
  port,
  probes,
  read,
  secondsToStop,
  unknownVariables,
} from './server-facts.mjs';

/** Seconds of "30s" or "2m". */
function seconds(duration) {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(duration ?? '') ?? [];
  return Number(count) * (unit === 'm' ? 60 : 1);
}

export function checkCompose() {
  const file = 'deploy/compose.yaml';
  const { services, volumes, networks } = parse(read(file), { merge: true });
  const [subnet] = networks.default.ipam.config;
  const ours = Object.entries(services).filter(([, { image }]) => image === 'sallyport');
  const nodes = ours.filter(([, { command = ['serve'] }]) => command[0] === 'serve');
  const addressOf = (service) => services[service].networks.default.ipv4_address;
  const mounts = Object.values(services)
    .flatMap((service) => service.volumes ?? [])
    .map((mount) => mount.split(':')[0]);
  const balanced = ['NODE_A', 'NODE_B'].map((name) => services.haproxy.environment[name]);
  return [
    ...ours.flatMap(([name, { environment, depends_on: needs, ...service }]) => [
      ...unknownVariables(Object.keys(environment), `${file}, ${name}`),
      ...failing(`${file}, ${name}`, {
        'the build must exist': exists(service.build.dockerfile),
        'the command must be the server’s': commands.includes(service.command?.[0] ?? 'serve'),
        'it must wait for services that exist': Object.keys(needs).every((need) => services[need]),
        'a service that it waits for must say that it is healthy': Object.entries(needs).every(
          ([need, { condition }]) => condition !== 'service_healthy' || services[need].healthcheck,
        ),
        'the root file system must be read-only': service.read_only === true,
      }),
    ]),
    ...failing(file, {
      'there must be two nodes': nodes.length === 2,
      'a node must have longer to stop than it takes': nodes.every(
        ([, one]) => seconds(one.stop_grace_period) > secondsToStop,
      ),
      'the balancer alone must be the trusted proxy unless TRUST_PROXY says otherwise': nodes.every(
        ([, { environment }]) => environment.TRUST_PROXY === `\${TRUST_PROXY:-${addressOf('haproxy')}}`,
      ),
      'a comment must name the proxies of a machine with a proxy of its own: the balancer and the gateway': read(
        file,
      ).includes(`export TRUST_PROXY=${addressOf('haproxy')},${subnet.gateway}\n`),
      'a node must be measured, and Prometheus must reach it': nodes.every(([, { environment }]) =>
        isScraped(environment),
      ),
      'the balancer alone must be published, to this machine': Object.entries(services).every(
        ([name, { ports = [] }]) =>
          name === 'haproxy' ? ports.every((one) => one.startsWith('127.0.0.1:')) : ports.length === 0,
      ),
      'what runs must start again with the machine, and the migration must not': Object.entries(services).every(
        ([name, { restart }]) => restart === (name === 'migrate' ? 'no' : 'unless-stopped'),
      ),
      'the balancer must lead to the nodes':
        nodes.map(([name]) => `${addressOf(name)}:${port}`).join() === balanced.join(),
      'the address of every node must be fixed, outside those that are given out': subnet.ip_range,
      'a mounted file or volume must exist': mounts.every((mount) =>
        mount.startsWith('.') ? exists(`deploy/${mount}`) : mount in volumes,
      ),
    }),
  ];
}

/** Whether a container of the image serves metrics to others. */
function isScraped(environment) {
  const { METRICS_PORT, HOST, METRICS_HOST = HOST } = { ...imageEnvironment(), ...environment };
  return Number(METRICS_PORT) > 0 && Number(METRICS_PORT) !== port && METRICS_HOST === '0.0.0.0';
}

export function checkKubernetes() {
  const documents = listFiles('deploy/kubernetes/*.yaml').flatMap((file) =>
    parseAllDocuments(read(file)).map((document) => ({ file, ...document.toJS() })),
  );
  const [secret, deployment, budget, service, job] = [
    'Secret',
    'Deployment',
    'PodDisruptionBudget',
    'Service',
    'Job',
  ].map((kind) => documents.find((one) => one.kind === kind));
  const secrets = Object.keys(secret.stringData);
  const pods = [deployment, job].map(({ file, spec }) => ({
    file,
    labels: spec.template.metadata.labels,
    ...spec.template.spec,
  }));
  const [pod] = pods;
  const [container] = pod.containers;
  const selects = (selector) => Object.entries(selector).every(([name, value]) => pod.labels[name] === value);
  const pause = Number(container.lifecycle.preStop.exec.command[1]);
  const portOf = (name) => container.ports.find((one) => one.name === name)?.containerPort;
  const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  return [
    ...unknownVariables(secrets, secret.file),
    ...pods.flatMap(({ file, containers: [one], securityContext, enableServiceLinks }) => [
      ...unknownVariables(
        (one.env ?? []).map(({ name }) => name),
        file,
      ),
      ...failing(file, {
        'the keys of the secret must exist': (one.env ?? []).every(
          ({ valueFrom }) => !valueFrom || secrets.includes(valueFrom.secretKeyRef.key),
        ),
        'the command must be the server’s': commands.includes(one.args?.[0] ?? 'serve'),
        'it must not run as root': securityContext.runAsNonRoot && securityContext.runAsUser > 0,
        'the root file system must be read-only': one.securityContext.readOnlyRootFilesystem,
        'it must gain no privilege': one.securityContext.allowPrivilegeEscalation === false,
        'other services must set no variable': enableServiceLinks === false,
      }),
    ]),
    ...failing(deployment.file, {
      'the port must be that of the server': portOf('http') === port,
      'the start must wait for liveness alone': container.startupProbe.httpGet.path === probes.live,
      'liveness must not ask the database': container.livenessProbe.httpGet.path === probes.live,
      'readiness must be asked': container.readinessProbe.httpGet.path === probes.ready,
      'a probe must ask a port that exists': ['startupProbe', 'livenessProbe', 'readinessProbe'].every((name) =>
        portOf(container[name].httpGet.port),
      ),
      'a node must have longer to stop than it takes': pod.terminationGracePeriodSeconds > pause + secondsToStop,
      'the deployment, the service and the budget must select its pods': [
        deployment.spec.selector.matchLabels,
        budget.spec.selector.matchLabels,
        service.spec.selector,
      ].every(selects),
      'the service must not select the job': !Object.entries(service.spec.selector).every(
        ([name, value]) => pods[1].labels[name] === value,
      ),
      'a node must be measured, and Prometheus must reach it': isScraped(environment),
      'the metrics must have a port': portOf('metrics') === Number(environment.METRICS_PORT),
      'the service must lead to the port of the server alone':
        service.spec.ports.map(({ targetPort }) => portOf(targetPort)).join() === String(port),
      'the images must be the same': new Set(pods.map(({ containers: [{ image }] }) => image)).size === 1,
    }),
  ];
}
