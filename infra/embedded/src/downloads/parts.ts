/** Something to download from Maven Central (or the mirror that the user's settings.xml names). */
export interface Download {
  /** Names its folder in the cache; carries the version, so that a new version is a new folder. */
  readonly name: string;
  readonly title: string;
  readonly megabytes: number;
  /** The arguments of Maven that put the files into `folder`. */
  mavenArguments(folder: string): readonly string[];
  /** The project for Maven. */
  readonly dependencies: readonly string[];
}

/**
 * An old version on purpose: newer ones need the parent POM of Apicurio, which is not on Maven Central. It works with
 * Maven 3.8, 3.9 and 4.
 */
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:2.10';

/** Apache Kafka, and the logging library that it needs. */
export const kafkaDownload: Download = {
  name: 'kafka-4.1.1',
  title: 'Apache Kafka 4.1.1',
  megabytes: 43,
  dependencies: ['org.apache.kafka:kafka_2.13:4.1.1', 'org.slf4j:slf4j-simple:1.7.36'],
  mavenArguments: (folder) => [`${plugin}:copy-dependencies`, `-DoutputDirectory=${folder}`],
};

/** Kafka Connect with Debezium's connector for PostgreSQL: one of the relays, downloaded when it is asked for. */
export const connectDownload: Download = {
  name: 'connect-4.1.1-debezium-3.4.3',
  title: 'Kafka Connect 4.1.1 with Debezium 3.4.3',
  megabytes: 38,
  dependencies: [
    'org.apache.kafka:connect-runtime:4.1.1',
    'io.debezium:debezium-connector-postgres:3.4.3.Final',
    'org.slf4j:slf4j-simple:1.7.36',
  ],
  mavenArguments: (folder) => [`${plugin}:copy-dependencies`, `-DoutputDirectory=${folder}`],
};

/** Apicurio Registry. 3.0.9 is the last version for Java 17. */
export const registryDownload: Download = {
  name: 'apicurio-registry-3.0.9',
  title: 'Apicurio Registry 3.0.9',
  megabytes: 109,
  dependencies: [],
  mavenArguments: (folder) => [
    `${plugin}:unpack`,
    '-Dartifact=io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all',
    `-DoutputDirectory=${folder}`,
  ],
};

/** The smallest project with these dependencies. */
export function pomOf({ name, dependencies }: Download): string {
  const entries = dependencies.map((coordinates) => {
    const [group, artifact, version] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>troupe</groupId><artifactId>${name}</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${entries.join('')}</dependencies>
</project>
`;
}
