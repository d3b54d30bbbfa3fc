/** What is special about Flink: flags and their defaults, checks of a cluster, metrics. */
package io.sessionizer.launch.flink;
