/** The specifics of Spark: flags and their defaults, and the jars for a cluster. */
package io.sessionizer.launch.spark;
