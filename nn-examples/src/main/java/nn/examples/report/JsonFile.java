package nn.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Numbers of a run for other programs. */
public final class JsonFile {
  private JsonFile() {}

  /** Writes a record, or maps, lists, arrays, numbers and strings, in the order they have. */
  public static void write(Path file, Object content) throws IOException {
    JsonMapper mapper =
        JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();
    Files.write(file, mapper.writeValueAsBytes(content));
  }
}
