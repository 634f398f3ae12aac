import { refusesApply } from '../../lanes/compatibility.ts';
import { type Check, fits, unfit } from './check.ts';

/** Dikastes must be of Calico's release: the wire format between it and Felix has changed. */
export const calicoRelease: Check = {
  name: "Calico's release",
  look: async (cluster, { inspection, options }) => {
    const { calico } = inspection.versions;
    if (refusesApply(calico, inspection.means.api)) {
      return unfit(
        `The API server of Calico ${calico} answers 404 where server-side apply is to make a policy, as a run does (calico#12841)`,
        'upgrade Calico to v3.32.1, or serve its v3 API from native CRDs',
      );
    }
    if (calico !== 'unknown') return fits(`Calico is of release ${calico}`);
    // `calico-api.ts` says so; with it the release will be known too.
    if (!(await cluster.supports('projectcalico.org/v3', 'ClusterInformation'))) {
      return fits("Calico's release can be told once its API is there");
    }
    return options.dikastesImage === undefined
      ? unfit(
          'The release of Calico cannot be told, so nor can the image of Dikastes',
          'give it with --dikastes-image',
        )
      : fits(`Calico's release cannot be told, and Dikastes is ${options.dikastesImage}`);
  },
};
