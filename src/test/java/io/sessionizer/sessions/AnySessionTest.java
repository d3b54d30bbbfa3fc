package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.util.CoderUtils;

/** A session depends on the set of its visits alone, however they come together. */
class AnySessionTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Property(tries = 300)
  void anyGroupingOfVisitsGivesTheSameOutput(
      @ForAll("pages") List<VisitedPage> pages, @ForAll Random random) throws Exception {
    CombineVisitedPagesFn combine = new CombineVisitedPagesFn();
    List<VisitedPage> expected = pages.stream().sorted().toList();

    AcceptedPages accumulator = accumulated(combine, pages, random);

    long lateAt = pages.stream().mapToLong(page -> lateAt(page)).max().getAsLong();
    assertEquals(new AcceptedPages(expected, lateAt), combine.extractOutput(accumulator));
    assertEquals(expected, accumulator.pages().stream().sorted().toList());
  }

  /** Adds, merges and ships as a runner may: in any order, and with empty accumulators between. */
  private static AcceptedPages accumulated(
      CombineVisitedPagesFn combine, List<VisitedPage> pages, Random random) throws Exception {
    Coder<AcceptedPages> coder =
        combine.getAccumulatorCoder(CoderRegistry.createDefault(), AcceptedPages.CODER);
    List<VisitedPage> toAdd = new ArrayList<>(pages);
    Collections.shuffle(toAdd, random);
    List<AcceptedPages> accumulators = new ArrayList<>();
    accumulators.add(combine.createAccumulator());
    while (!toAdd.isEmpty() || accumulators.size() > 1) {
      int any = random.nextInt(accumulators.size());
      switch (random.nextInt(4)) {
        case 0 -> {
          if (!toAdd.isEmpty()) {
            accumulators.add(combine.createAccumulator());
          }
        }
        case 1 -> {
          Collections.shuffle(accumulators, random);
          List<AcceptedPages> some = accumulators.subList(0, any + 1);
          AcceptedPages merged = combine.mergeAccumulators(List.copyOf(some));
          some.clear();
          accumulators.add(merged);
        }
        case 2 ->
            accumulators.set(
                any,
                CoderUtils.decodeFromByteArray(
                    coder, CoderUtils.encodeToByteArray(coder, accumulators.get(any))));
        default -> {
          if (!toAdd.isEmpty()) {
            VisitedPage page = toAdd.remove(toAdd.size() - 1);
            AcceptedPages accepted = new AcceptedPages(List.of(page), lateAt(page));
            accumulators.set(any, combine.addInput(accumulators.get(any), accepted));
          }
        }
      }
    }
    return accumulators.get(0);
  }

  /** The watermark at which a visit was accepted, if it was late; here every third one is. */
  private static long lateAt(VisitedPage page) {
    long time = page.eventTimeMillis();
    return time % 3 == 0 ? time + 10 : AcceptedPages.NONE_LATE;
  }

  @Property(tries = 300)
  void anyOrderOfVisitsGivesTheSameBytes(
      @ForAll("pages") List<VisitedPage> pages, @ForAll Random random) {
    List<VisitedPage> shuffled = new ArrayList<>(pages);
    Collections.shuffle(shuffled, random);
    SessionJson json = new SessionJson(ZoneId.of("Europe/Paris"));

    assertArrayEquals(json.write(new Session("v", pages)), json.write(new Session("v", shuffled)));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void jsonDescribesWholeSession(
      @ForAll("texts") String visitId,
      @ForAll("pages") List<VisitedPage> pages,
      @ForAll("zones") ZoneId zone)
      throws Exception {
    Session session = new Session(visitId, pages);

    JsonNode json = MAPPER.readTree(new SessionJson(zone).write(session));

    assertEquals(visitId, json.get("visit_id").asText());
    assertEquals(session.userId(), json.path("user_id").textValue());
    assertEquals(session.startMillis(), millis(json.get("start_time")));
    assertEquals(session.endMillis(), millis(json.get("end_time")));
    assertEquals(
        session.endMillis() - session.startMillis(),
        json.get("duration_in_milliseconds").longValue());
    List<VisitedPage> written = new ArrayList<>();
    for (JsonNode page : json.get("visited_pages")) {
      long time = page.get("event_time_as_milliseconds").longValue();
      written.add(new VisitedPage(time, page.path("page").textValue(), null));
    }
    assertEquals(
        session.pages().stream()
            .map(page -> new VisitedPage(page.eventTimeMillis(), page.page(), null))
            .toList(),
        written);
  }

  private static long millis(JsonNode time) {
    return OffsetDateTime.parse(time.asText()).toInstant().toEpochMilli();
  }

  @Provide
  Arbitrary<List<VisitedPage>> pages() {
    Arbitrary<Long> times =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(-62_135_596_800_000L, 253_402_214_400_000L));
    Arbitrary<ProjectedFields> fields = Arbitraries.randomValue(AnyFields::of);
    return Combinators.combine(times, texts().injectNull(0.2), texts().injectNull(0.2), fields)
        .as(VisitedPage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .list()
            .ofMaxSize(5)
            .map(
                characters ->
                    characters.stream().map(Character::toString).reduce("", String::concat));
    return Arbitraries.oneOf(Arbitraries.of("", "a", "b"), any);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(
        ZoneOffset.UTC,
        ZoneId.of("Europe/Paris"),
        ZoneId.of("Asia/Kathmandu"),
        ZoneId.of("America/St_Johns"),
        ZoneId.of("-18:00"),
        ZoneId.of("+01:02:03"));
  }
}
