/** The specifics of Dataflow: flags and their defaults, checks before a job is submitted. */
package io.sessionizer.launch.dataflow;
