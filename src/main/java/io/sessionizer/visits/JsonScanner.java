package io.sessionizer.visits;

/**
 * Finds fields in UTF-8 JSON: in place where it is as plain as nearly all of it is, else with a
 * JSON parser, which alone rejects.
 */
final class JsonScanner implements RecordScanner {
  private final FieldScanner inPlace;
  private final ParsedJsonScanner parser;

  /** How many bytes serializers of Confluent write before JSON: 0, and a schema's id in four. */
  private static final int SCHEMA_ID = 5;

  JsonScanner(FieldTree tree, RecordFields fields) {
    this.inPlace = new FieldScanner(tree, fields);
    this.parser = new ParsedJsonScanner(tree, fields);
  }

  @Override
  public void scan(byte[] json, int from, int to) throws RejectedVisitException {
    int start = hasSchemaId(json, from, to) ? from + SCHEMA_ID : from;
    if (!inPlace.scan(json, start, to)) {
      parser.scan(json, start, to);
    }
  }

  private static boolean hasSchemaId(byte[] json, int from, int to) {
    return to - from > SCHEMA_ID && json[from] == 0 && json[from + SCHEMA_ID] == '{';
  }
}
