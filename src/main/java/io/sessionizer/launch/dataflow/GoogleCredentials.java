package io.sessionizer.launch.dataflow;

import io.sessionizer.config.NotReadyException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The credentials for requests to Google: those of the runner, as its options say. By name, since
 * Google's libraries are not there when this is compiled.
 */
final class GoogleCredentials {
  private static final String OPTIONS = "org.apache.beam.sdk.extensions.gcp.options.GcpOptions";
  private static final String CREDENTIALS = "com.google.auth.Credentials";

  private GoogleCredentials() {}

  /**
   * Returns the headers that a request has with it; none if no authentication is needed.
   *
   * @throws NotReadyException if there are none, or they are not accepted
   */
  static Map<String, List<String>> headers(PipelineOptions options, URI api)
      throws NotReadyException {
    try {
      Class<? extends PipelineOptions> gcp =
          Class.forName(OPTIONS).asSubclass(PipelineOptions.class);
      Object credentials = gcp.getMethod("getGcpCredential").invoke(options.as(gcp));
      if (credentials == null) {
        throw missing("there are none");
      }
      Object headers =
          Class.forName(CREDENTIALS)
              .getMethod("getRequestMetadata", URI.class)
              .invoke(credentials, api);
      @SuppressWarnings("unchecked") // as the method is declared
      Map<String, List<String>> map = (Map<String, List<String>>) headers;
      return map == null ? Map.of() : map;
    } catch (InvocationTargetException e) {
      throw missing(String.valueOf(e.getTargetException().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Beam's library for Google Cloud is another one", e);
    }
  }

  static NotReadyException missing(String why) {
    return new NotReadyException(
        "no credentials for Google Cloud (%s): run gcloud auth application-default login"
            .formatted(why));
  }
}
