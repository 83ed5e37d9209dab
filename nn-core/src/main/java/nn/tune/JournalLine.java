package nn.tune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import nn.data.DataException;
import nn.data.Json;
import org.jspecify.annotations.Nullable;

/** The lines of a journal: a header, then one for each trial. Numbers come back bit for bit. */
final class JournalLine {
  private static final String FORMAT = "nn search journal 1";

  private JournalLine() {}

  static String header(String search) {
    return "{\"format\":%s,\"search\":%s}".formatted(Json.quote(FORMAT), Json.quote(search));
  }

  static void checkHeader(Path file, String line, String search) throws DataException {
    Map<?, ?> header;
    try {
      header = map(Json.parse(line), "a header");
    } catch (DataException e) {
      throw new DataException(file + " is no journal of a search: " + e.getMessage(), e);
    }
    if (!FORMAT.equals(header.get("format"))) {
      throw new DataException(file + " is no journal of a search that this version can read");
    }
    if (!search.equals(header.get("search"))) {
      throw new DataException(
          "%s is the journal of another search (%s), not of this one (%s);"
                  .formatted(file, header.get("search"), search)
              + " choose another folder, or repeat that search's options");
    }
  }

  static String of(Result result) {
    Trial trial = result.trial();
    Outcome outcome = result.outcome();
    return "{\"round\":%s,\"number\":%d,\"seed\":%d,\"values\":%s,\"score\":%s,\"curves\":%s}"
        .formatted(
            Json.quote(trial.round()),
            trial.number(),
            trial.seed(),
            object(trial.values(), JournalLine::number),
            number(outcome.score()),
            object(
                outcome.curves(),
                curve ->
                    curve.stream()
                        .map(JournalLine::number)
                        .collect(Collectors.joining(",", "[", "]"))));
  }

  private static <T> String object(Map<String, T> map, Function<T, String> value) {
    return map.entrySet().stream()
        .map(entry -> Json.quote(entry.getKey()) + ":" + value.apply(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  static Result parse(String line) throws DataException {
    Map<?, ?> map = map(Json.parse(line), "a trial");
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<?, ?> value : map(map.get("values"), "values").entrySet()) {
      values.put(String.valueOf(value.getKey()), real(value.getValue()));
    }
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (Map.Entry<?, ?> curve : map(map.get("curves"), "curves").entrySet()) {
      curves.put(String.valueOf(curve.getKey()), reals(curve.getValue()));
    }
    Trial trial =
        new Trial(
            cast(String.class, map.get("round"), "a round"),
            cast(Long.class, map.get("number"), "a number").intValue(),
            cast(Long.class, map.get("seed"), "a seed"),
            values);
    Object score = map.get("score");
    return new Result(trial, new Outcome(score == null ? Double.NaN : real(score), curves));
  }

  private static Map<?, ?> map(@Nullable Object value, String what) throws DataException {
    return cast(Map.class, value, what);
  }

  private static List<Double> reals(@Nullable Object value) throws DataException {
    List<Double> reals = new ArrayList<>();
    List<?> elements = cast(List.class, value, "a curve");
    for (Object element : elements) {
      reals.add(real(element));
    }
    return reals;
  }

  private static double real(@Nullable Object value) throws DataException {
    return cast(Number.class, value, "a number").doubleValue();
  }

  private static <T> T cast(Class<T> type, @Nullable Object value, String what)
      throws DataException {
    if (!type.isInstance(value)) {
      throw new DataException(what + " expected, not " + value);
    }
    return type.cast(value);
  }
}
