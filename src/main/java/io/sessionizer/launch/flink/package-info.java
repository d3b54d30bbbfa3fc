/** The specifics of Flink: flags and their defaults, checks of a cluster, metrics. */
package io.sessionizer.launch.flink;
