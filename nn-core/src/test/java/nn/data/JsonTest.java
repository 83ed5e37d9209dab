package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void readsEveryKindOfValue() throws DataException {
    assertThat(Json.parse(" {\"a\" : [1, -2.5e1 , true,false, null,\"x\"] , \"b\":{} }\n"))
        .isEqualTo(Map.of("a", Arrays.asList(1L, -25.0, true, false, null, "x"), "b", Map.of()));
    assertThat(Json.parse("[]")).isEqualTo(List.of());
    assertThat(Json.parse("0")).isEqualTo(0L);
    assertThat(Json.parse("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
    assertThat(Json.parse("9223372036854775808")).isEqualTo(0x1p63);
    assertThat(Json.parse("\"\\u00e9\\ud83d\\ude00\\/\\n\"")).isEqualTo("é😀/\n");
  }

  @Test
  void stringsComeBack() throws DataException {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 300; i++) {
      String string =
          random
              .ints(random.nextInt(20), 0, i % 2 == 0 ? 128 : 0xD800)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(Json.parse(Json.quote(string))).isEqualTo(string);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "[1,]",
        "[1 2]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "01",
        "+1",
        "-",
        "1.",
        ".5",
        "1e",
        "0x1",
        "NaN",
        "Infinity",
        "tru",
        "nulll",
        "\"",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "\"\u0000\"",
        "1 1",
        "[] []",
        "/**/1",
        "{\"a\":1,\"a\":2}",
        "[\"a\":1]",
        "\u00a01",
        "1\u0000",
        "\"\\u١١١١\""
      })
  void refusesWhatIsNotJson(String text) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Json.parse(text))
        .withMessageStartingWith("not JSON at character ");
  }

  @Test
  void deepNestingIsRefusedRatherThanOverflowing() throws DataException {
    assertThat(Json.parse("[".repeat(60) + "]".repeat(60))).isInstanceOf(List.class);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Json.parse("[".repeat(100_000)))
        .withMessageContaining("deep");
  }
}
