package dev.chatgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.common.utils.StringUtil;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/configuration.md} are made from the configuration mappings: names as
 * SmallRye Config has them, defaults and bounds by reflection, meanings from the javadoc.
 */
class ConfigurationDocTest {
  private static final Path DOC = Path.of("docs", "configuration.md");
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final String BEGIN = "<!-- begin: made by ConfigurationDocTest -->\n";
  private static final String END = "<!-- end: made by ConfigurationDocTest -->\n";
  private static final String UPDATE = "update-docs";
  private static final java.util.regex.Pattern LINK =
      java.util.regex.Pattern.compile("\\{@link #(\\w+)\\(\\)}");
  private static final java.util.regex.Pattern CODE =
      java.util.regex.Pattern.compile("\\{@code\\s+([^}]*)}");

  // "Type" or "Type.method" to its javadoc, in the order of the source.
  private final Map<String, String> javadoc = new LinkedHashMap<>();

  @Test
  void tablesAreThoseOfTheMappings() throws Exception {
    String doc = Files.readString(DOC);
    int begin = doc.indexOf(BEGIN);
    int end = doc.indexOf(END);
    assertThat(begin).as("%s holds the line %s", DOC, BEGIN.strip()).isNotNegative();
    assertThat(end).as("%s holds the line %s", DOC, END.strip()).isGreaterThan(begin);
    String made = doc.substring(0, begin + BEGIN.length()) + tables() + doc.substring(end);

    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(DOC, made);
    } else {
      assertThat(doc)
          .as(
              "%s is not what the mappings say; to make it anew:"
                  + " ./mvnw test -Dtest=ConfigurationDocTest -D%s=true",
              DOC, UPDATE)
          .isEqualTo(made);
    }
  }

  private String tables() throws Exception {
    StringBuilder tables = new StringBuilder();
    for (Class<?> mapping : mappings()) {
      String prefix = mapping.getAnnotation(ConfigMapping.class).prefix();
      tables.append("\n## `").append(prefix).append("`\n\n");
      tables.append(prose(meaning(mapping.getSimpleName()), prefix)).append("\n\n");
      tables.append("| Property | Environment variable | Default | Bounds | Meaning |\n");
      tables.append("|---|---|---|---|---|\n");
      rows(mapping, prefix).forEach(row -> tables.append(row).append('\n'));
    }
    return tables.append('\n').toString();
  }

  /** All mappings of the sources, by prefix. Reads their javadoc on the way. */
  private List<Class<?>> mappings() throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(SOURCES)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains("@ConfigMapping(")) {
          files.add(file);
        }
      }
    }
    readJavadoc(files);
    List<Class<?>> mappings = new ArrayList<>();
    for (Path file : files) {
      String path = SOURCES.relativize(file).toString();
      String name = path.substring(0, path.length() - ".java".length());
      mappings.add(Class.forName(name.replace(file.getFileSystem().getSeparator(), ".")));
    }
    mappings.sort(Comparator.comparing(
        mapping -> mapping.getAnnotation(ConfigMapping.class).prefix()));
    return mappings;
  }

  private void readJavadoc(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task = (JavacTask) compiler.getTask(
          null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees trees = DocTrees.instance(task);
      TreePathScanner<Void, String> scanner = new TreePathScanner<>() {
        @Override
        public Void visitClass(ClassTree type, String outer) {
          String name = type.getSimpleName().toString();
          note(name);
          return super.visitClass(type, name);
        }

        @Override
        public Void visitMethod(MethodTree method, String type) {
          note(type + "." + method.getName());
          return null;
        }

        private void note(String name) {
          String comment = trees.getDocComment(getCurrentPath());
          javadoc.put(
              name, comment == null ? "" : comment.replaceAll("\\s+", " ").strip());
        }
      };
      task.parse().forEach(unit -> scanner.scan(unit, ""));
    }
  }

  private record Row(List<Integer> place, String text) {}

  private List<String> rows(Class<?> mapping, String prefix) {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Property> entry :
        ConfigMappings.getProperties(ConfigClass.configClass(mapping)).entrySet()) {
      if (!entry.getKey().endsWith("[*]")) {
        rows.add(row(mapping, prefix, entry.getKey(), entry.getValue()));
      }
    }
    rows.sort(Comparator.comparing((Row row) -> row.place().get(0))
        .thenComparing(row -> row.place().get(1)));
    return rows.stream().map(Row::text).toList();
  }

  private Row row(Class<?> mapping, String prefix, String name, Property property) {
    Method method = property.getMethod();
    Method declared = declared(method);
    String own = declared.getDeclaringClass().getSimpleName() + "." + declared.getName();
    // The method of the mapping by which one comes to a property of a group.
    String group = Arrays.stream(mapping.getMethods())
        .filter(candidate -> candidate.getReturnType() == method.getDeclaringClass())
        .map(candidate -> mapping.getSimpleName() + "." + candidate.getName())
        .findAny()
        .orElse(own);
    String meaning = group.equals(own) ? meaning(own) : meaning(group) + " " + meaning(own);
    List<String> order = List.copyOf(javadoc.keySet());
    String text = "| `%s` | `%s` | %s | %s | %s |"
        .formatted(
            name.replace("*", "<name>"),
            StringUtil.replaceNonAlphanumericByUnderscores(name.replace("*", "NAME"))
                .toUpperCase(Locale.ROOT)
                .replace("_NAME_", "_<NAME>_"),
            property.hasDefaultValue() ? "`" + property.getDefaultValue() + "`" : "none",
            bounds(declared),
            prose(meaning, prefix).replace("|", "\\|"));
    return new Row(List.of(order.indexOf(group), order.indexOf(own)), text);
  }

  /** The declaration that a group's interface overrides to give it a default, or else its own. */
  private static Method declared(Method method) {
    for (Class<?> parent : method.getDeclaringClass().getInterfaces()) {
      for (Method other : parent.getMethods()) {
        if (other.getName().equals(method.getName())) {
          return declared(other);
        }
      }
    }
    return method;
  }

  private String meaning(String name) {
    String comment = javadoc.getOrDefault(name, "");
    assertThat(comment).as("the javadoc of %s", name).isNotEmpty();
    return comment;
  }

  private static String prose(String comment, String prefix) {
    String linked = LINK.matcher(comment)
        .replaceAll(link -> "`" + prefix + "." + StringUtil.skewer(link.group(1)) + "`");
    return CODE.matcher(linked).replaceAll("`$1`");
  }

  private static String bounds(Method method) {
    List<String> bounds = new ArrayList<>();
    Min min = annotation(method, Min.class);
    Max max = annotation(method, Max.class);
    Pattern pattern = annotation(method, Pattern.class);
    if (min != null && max != null) {
      bounds.add(String.format(Locale.ROOT, "%,d to %,d", min.value(), max.value()));
    } else if (min != null) {
      bounds.add(String.format(Locale.ROOT, "%,d or more", min.value()));
    } else if (max != null) {
      bounds.add(String.format(Locale.ROOT, "%,d at most", max.value()));
    }
    if (pattern != null) {
      bounds.add("`" + pattern.regexp() + "`");
    }
    Type type = method.getGenericReturnType();
    if (type == Duration.class) {
      DurationMin least = annotation(method, DurationMin.class);
      bounds.add("duration");
      if (least != null && least.millis() > 0) {
        bounds.add(String.format(Locale.ROOT, "%,d ms or more", least.millis()));
      }
      DurationMax most = annotation(method, DurationMax.class);
      if (most != null) {
        bounds.add(String.format(Locale.ROOT, "%,d ms at most", most.millis()));
      }
    } else if (type == MemorySize.class) {
      bounds.add("size");
    } else if (isList(type)) {
      bounds.add("list");
    }
    return bounds.isEmpty() ? "" : String.join(", ", bounds);
  }

  private static boolean isList(Type type) {
    return type instanceof ParameterizedType generic
        && (generic.getRawType() == List.class || isList(generic.getActualTypeArguments()[0]));
  }

  private static <A extends Annotation> A annotation(Method method, Class<A> type) {
    A onMethod = method.getAnnotation(type);
    return onMethod != null ? onMethod : method.getAnnotatedReturnType().getAnnotation(type);
  }
}
