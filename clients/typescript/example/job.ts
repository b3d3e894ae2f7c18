/** What a school shows of a job: how exposed it is to generative AI, and what leads to it. */

import { type Vigie, items } from "../src/index.js";

export interface Sheet {
  readonly label: string;
  /** Mean exposure of its tasks, 0 to 1. */
  readonly exposure: number | undefined;
  readonly certifications: readonly string[];
  /** Parts of the overview that could not be read just now. */
  readonly missing: readonly string[];
}

export async function sheet(door: Vigie, rome: string): Promise<Sheet> {
  const params = { path: { rome } };
  const [job, exposure, overview] = await Promise.all([
    door.GET("/v1/observatory/jobs/{rome}", { params }),
    door.GET("/v1/observatory/exposure/jobs/{rome}", { params }),
    door.GET("/v1/overviews/jobs/{rome}", { params }), // this one needs the key
  ]);
  const certifications: string[] = [];
  const found = items((after) =>
    door.GET("/v1/training/certifications", {
      params: { query: { rome: [rome], ...(after && { after }) } },
    }),
  );
  for await (const one of found) {
    certifications.push(`${one.number} ${one.title.fr}`);
  }
  return {
    label: job.data?.label ?? rome,
    exposure: exposure.data?.mean,
    certifications,
    missing: overview.data?.unavailable.map((gap) => gap.part) ?? [],
  };
}
