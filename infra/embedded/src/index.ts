export {
  ConnectRest,
  connectorOf,
  ensureTopics,
  heartbeatTopic,
  type Keeper,
  type OutboxSource,
  type Topic,
  topics,
} from '@troupe/deploy';
export { type ServiceName, serviceNames } from '@troupe/services';
export { type Addresses, containerAddresses, runningAddresses } from './addresses.ts';
export type { Child, ChildSpec, ChildState } from './children/child.ts';
export { freeze, kill, type Return } from './children/faults.ts';
export { launcherOf } from './children/launcher.ts';
export { Supervisor } from './children/supervisor.ts';
export { addWorker, keeperOf } from './connect/debezium.ts';
export { httpDoesNotAnswer } from './http.ts';
export { nodeRuntime } from './machine/node.ts';
export { freePorts } from './machine/ports.ts';
export { plainReporter, type Reporter, silent, terminalReporter } from './reporter.ts';
export { wipeCache, wipeData } from './reset.ts';
export {
  defaultPorts,
  type PortName,
  type Ports,
  portVariable,
  projectHome,
  type RelayName,
  relayNames,
  type SandboxName,
  type Settings,
  StartError,
  sandboxNames,
  settingsFrom,
  settingVariables,
  type Variable,
} from './settings.ts';
export { composePassword, composePorts, composeVariables, wipeCompose } from './stack/compose.ts';
export { followDocker, whyNotAnswered } from './stack/docker.ts';
export { type Ground, type GroundOptions, startGround } from './stack/ground.ts';
export { type Joined, type MemoryUse, type Stack, type StackOptions, startStack } from './stack/stack.ts';
export { temporaryDataDir } from './temporary.ts';
