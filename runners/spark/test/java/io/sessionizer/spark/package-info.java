/** Tests of the job on Spark, which is not on a class path with anything else of the product. */
package io.sessionizer.spark;
