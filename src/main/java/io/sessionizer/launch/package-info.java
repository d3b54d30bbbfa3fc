/** The ways to run the job: one launcher each, with everything that is special about it. */
package io.sessionizer.launch;
