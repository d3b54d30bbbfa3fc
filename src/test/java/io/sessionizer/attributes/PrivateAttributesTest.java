package io.sessionizer.attributes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.SyntaxException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateAttributesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "first(/context/ip) | true",
        "first(/context) | true",
        "first(/context/ip/v6) | true",
        "count(/context/ip = \"::1\") | true",
        "first(/name,/context/ip) = null | true",
        "first(path(/account)) | true",
        "first(lower(user_id)) | true",
        "any(user_id = \"kim\") | true",
        "first(user_id) | false",
        "first(/context/city) | false",
        "count() | false",
        "first(page) | false"
      })
  void thoseOfPrivateFieldsAreLeftOut(String formula, boolean isPrivate) throws SyntaxException {
    PrivateFields fields =
        new PrivateFields(
            List.of(FieldExpression.parse("/context/ip"), FieldExpression.parse("account")));
    assertEquals(isPrivate, fields.areIn(AttributeDefinition.parse("a=" + formula)));
    assertEquals(false, PrivateFields.NONE.areIn(AttributeDefinition.parse("a=" + formula)));
  }
}
