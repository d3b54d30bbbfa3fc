/** The only package of the pipeline that knows Kafka: reading, watermarks, writing. */
package io.sessionizer.kafka;
