package nn.examples.report;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One page with the reports of several experiments. It needs no other file: pictures are in it. */
public final class IndexPage {
  private static final String STYLE =
      """
      body { font: 16px/1.5 system-ui, sans-serif; color: #333; max-width: 1040px;
             margin: 2rem auto; padding: 0 1rem; }
      h1 { margin-bottom: 0; } h2 { margin: 3rem 0 0; border-top: 1px solid #ddd; padding-top: 1rem; }
      p { margin: .5rem 0; } nav a { margin-right: 1rem; white-space: nowrap; }
      code { background: #f4f4f4; padding: .2rem .4rem; border-radius: 4px; }
      table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
      th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #eee; }
      th:first-child, td:first-child { text-align: left; }
      figure { margin: 1.5rem 0; } img { max-width: 100%; height: auto; border: 1px solid #eee; }
      figcaption { color: #666; }
      """;

  private IndexPage() {}

  /**
   * An experiment that was run.
   *
   * @param id unique on the page, of letters, digits and hyphens
   * @param command what runs it again
   * @param description what it is about
   * @param seconds it took
   */
  public record Section(
      String id, String command, String description, Report report, double seconds) {}

  /**
   * The page as HTML.
   *
   * @param facts lines about the whole run, such as the backend
   */
  public static String html(String title, List<String> facts, List<Section> sections) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%1$s</title>
    <style>
    %2$s</style>
    </head>
    <body>
    <h1>%1$s</h1>
    %3$s
    <nav>%4$s</nav>
    %5$s
    </body>
    </html>
    """
        .formatted(
            escape(title),
            STYLE,
            lines(facts.stream().map(IndexPage::paragraph).toList()),
            lines(sections.stream().map(IndexPage::link).toList()),
            lines(sections.stream().map(IndexPage::section).toList()));
  }

  private static String link(Section section) {
    return "<a href=\"#%1$s\">%1$s</a>".formatted(section.id());
  }

  private static String section(Section section) {
    return """
    <h2 id="%s">%s</h2>
    %s
    <p><code>%s</code> &nbsp; %s s</p>
    %s\
    """
        .formatted(
            section.id(),
            section.id(),
            paragraph(section.description()),
            escape(section.command()),
            String.format(Locale.ROOT, "%.1f", section.seconds()),
            lines(section.report().parts().stream().map(IndexPage::part).toList()));
  }

  private static String part(Report.Part part) {
    return switch (part) {
      case Report.Part.Text text -> paragraph(text.line());
      case Report.Part.Rows rows -> table(rows.table());
      case Report.Part.Image image ->
          """
          <figure>
          <img alt="%1$s" src="data:image/png;base64,%2$s">
          <figcaption>%1$s</figcaption>
          </figure>\
          """
              .formatted(escape(image.caption()), Base64.getEncoder().encodeToString(image.png()));
    };
  }

  private static String table(Table table) {
    String header = row(table.header(), "th");
    String body = table.rows().stream().map(r -> row(r, "td")).collect(Collectors.joining("\n"));
    return "<table>\n" + header + "\n" + body + "\n</table>";
  }

  private static String row(List<String> cells, String element) {
    return cells.stream()
        .map(cell -> "<%1$s>%2$s</%1$s>".formatted(element, escape(cell)))
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }

  private static String paragraph(String text) {
    return "<p>" + escape(text) + "</p>";
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
