/** Files of sessions as Parquet, written and read: without Beam, and without Hadoop. */
package io.sessionizer.parquet;
