/** {@code ./sessionizer bench}: the job beside others that do the same, on the same visits. */
package io.sessionizer.bench;
