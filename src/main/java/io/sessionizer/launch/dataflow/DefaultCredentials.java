package io.sessionizer.launch.dataflow;

import io.sessionizer.config.NotReadyException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Google's application default credentials, as far as they can be found without Google's libraries:
 * whether there are any, not whether they are accepted.
 */
public final class DefaultCredentials {
  private static final String FILE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";
  private static final String METADATA_SERVER = "metadata.google.internal";

  private DefaultCredentials() {}

  /**
   * Makes sure that there are credentials: in the file that the environment names, in that of
   * gcloud, or on a machine of Google's.
   *
   * @throws NotReadyException if there are none
   */
  public static void require(Map<String, String> environment, Path home) throws NotReadyException {
    String file = environment.get(FILE_VARIABLE);
    if (file != null) {
      if (!Files.isReadable(Path.of(file))) {
        throw GoogleCredentials.missing(FILE_VARIABLE + "=" + file + " cannot be read");
      }
      return;
    }
    String gcloud = environment.get("CLOUDSDK_CONFIG");
    Path folder = gcloud == null ? home.resolve(".config/gcloud") : Path.of(gcloud);
    if (!Files.isReadable(folder.resolve("application_default_credentials.json"))
        && !isGoogles(environment)) {
      throw GoogleCredentials.missing("there are none");
    }
  }

  /** On a machine of Google's a server that has a name there only gives the credentials. */
  private static boolean isGoogles(Map<String, String> environment) {
    if (environment.containsKey("GCE_METADATA_HOST")) {
      return true;
    }
    try {
      return !"true".equals(environment.get("NO_GCE_CHECK"))
          && InetAddress.getAllByName(METADATA_SERVER).length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
